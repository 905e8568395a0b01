// Publishes one event in each content mode, as the SDK writes them; prints a line of JSON for each answer.
// node publish.mjs GATEWAY=http://127.0.0.1:8080 KEY=slk_… TYPE=order.created
import { CloudEvent, HTTP } from 'cloudevents';

const settings = Object.fromEntries(process.argv.slice(2).map((argument) => argument.split(/=(.*)/s, 2)));

function event(subject, more) {
  return new CloudEvent({ source: '/e2e/cloudevents-sdk', type: settings.TYPE, subject, ...more });
}

async function send(mode, { headers, body }) {
  const answer = await fetch(`${settings.GATEWAY}/api/v1/events`, {
    method: 'POST',
    headers: { ...headers, Authorization: `Bearer ${settings.KEY}` },
    body,
  });
  console.log(JSON.stringify({ mode, status: answer.status, answer: await answer.json() }));
}

const data = { total: 42.5, name: 'Žofie "Zoe" 😀', lines: [1, 2, 3], none: null };
await send('structured', HTTP.structured(event('structured', { data, datacontenttype: 'application/json' })));
await send('binary', HTTP.binary(event('binary', { data, datacontenttype: 'application/json', region: 'eu-1' })));
await send(
  'bytes',
  HTTP.structured(event('bytes', { data: new Uint8Array([0, 1, 254, 255]), datacontenttype: 'application/octet-stream' })),
);
await send('text', HTTP.binary(event('text', { data: 'plain words', datacontenttype: 'text/plain' })));
// The SDK reads batches and does not write them; what it makes of each event is what stands in one.
const batch = ['first', 'second'].map((subject) => event(`batch-${subject}`, { data }).toJSON());
await send('batch', {
  headers: { 'Content-Type': 'application/cloudevents-batch+json' },
  body: JSON.stringify(batch),
});
