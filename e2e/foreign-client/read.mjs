// Reads COUNT records of each of TOPICS from the beginning, decodes them through the gateway's schema registry and
// prints one JSON line for each. Ends with 0 when all were read, else with 1 and the reason on standard error.
//
//   KAFKA=127.0.0.1:19092 GATEWAY=http://127.0.0.1:8080 TOPICS=sluice.events COUNT=3 node read.mjs
//
// Arguments such as COUNT=3 count for more than the environment. TIMEOUT_SECONDS is 60 unless told.
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'

const require = createRequire(import.meta.url)
const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = require('kafkajs')
const lz4 = require('lz4js')
const avro = createRequire(require.resolve('@kafkajs/confluent-schema-registry'))('avsc')

// The platform compresses with lz4, which KafkaJS leaves to its users.
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async (encoder) => Buffer.from(lz4.compress(encoder.buffer)),
  decompress: async (buffer) => Buffer.from(lz4.decompress(buffer)),
})

const settings = { ...process.env, ...Object.fromEntries(process.argv.slice(2).map((arg) => arg.split(/=(.*)/s, 2))) }
const brokers = (settings.KAFKA ?? '127.0.0.1:19092').split(',')
const gateway = (settings.GATEWAY ?? 'http://127.0.0.1:8080').replace(/\/$/, '')
const topics = (settings.TOPICS ?? 'sluice.events,sluice.cache.reads').split(',')
const count = Number(settings.COUNT ?? 1)
const timeoutSeconds = Number(settings.TIMEOUT_SECONDS ?? 60)

if (!Number.isInteger(count) || count < 1 || !(timeoutSeconds > 0)) {
  fail(new Error('COUNT must be a whole number from 1, TIMEOUT_SECONDS positive'))
}

// avsc refuses a long that no number holds, such as a 64-bit hash; here it becomes a BigInt.
const long = avro.types.LongType.__with({
  fromBuffer: (buffer) => {
    const value = buffer.readBigInt64LE()
    return Number.isSafeInteger(Number(value)) ? Number(value) : value
  },
  toBuffer: (value) => {
    const buffer = Buffer.alloc(8)
    buffer.writeBigInt64LE(BigInt(value))
    return buffer
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value) => typeof value === 'bigint' || Number.isSafeInteger(value),
  compare: (one, other) => (one < other ? -1 : Number(one > other)),
})
const typeHook = (schema) => (schema === 'long' || schema?.type === 'long' ? long : undefined)
const registry = new SchemaRegistry({ host: `${gateway}/schema-registry` }, { [SchemaType.AVRO]: { typeHook } })
// A broker that has just started has no group coordinator yet; how long to go on is the timeout's to say.
const retry = { initialRetryTime: 200, maxRetryTime: 2000, retries: 1000 }
const kafka = new Kafka({ clientId: 'foreign-client', brokers, logLevel: logLevel.NOTHING, retry })
const consumer = kafka.consumer({ groupId: `foreign-client-${randomUUID()}` })
const read = new Map(topics.map((topic) => [topic, 0]))

function fail(error) {
  console.error(`foreign client failed: ${error?.message ?? error}`)
  process.exit(1)
}

/** JSON with bytes in base64 and 64-bit integers as numbers or, where no number holds them, as text. */
function line(document) {
  return JSON.stringify(document, (_, value) => {
    if (value?.type === 'Buffer' && Array.isArray(value.data)) {
      return Buffer.from(value.data).toString('base64')
    }
    return typeof value === 'bigint' ? value.toString() : value
  })
}

function done() {
  return [...read.values()].every((seen) => seen >= count)
}

setTimeout(() => {
  const seen = [...read].map(([topic, records]) => `${topic}: ${records} of ${count}`).join(', ')
  fail(new Error(`not all records came within ${timeoutSeconds} s; ${seen}`))
}, timeoutSeconds * 1000)
consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || fail(payload.error))

try {
  await consumer.connect()
  await consumer.subscribe({ topics, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message }) => {
      if (read.get(topic) >= count) {
        return
      }
      try {
        const value = await registry.decode(message.value)
        console.log(line({ topic, partition, offset: message.offset, key: message.key?.toString(), value }))
      } catch (error) {
        fail(error)
      }
      read.set(topic, read.get(topic) + 1)
      if (done()) {
        process.exit(0)
      }
    },
  })
} catch (error) {
  fail(error)
}
