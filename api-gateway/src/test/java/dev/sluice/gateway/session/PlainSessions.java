package dev.sluice.gateway.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The sessions as a plain list: what the script is to do, without haste or memory limits. */
final class PlainSessions {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final int maxPerUser;
    private final List<Session> sessions = new ArrayList<>();
    private final Map<SessionId, String> hashes = new HashMap<>();

    PlainSessions(int maxPerUser) {
        this.maxPerUser = maxPerUser;
    }

    SessionStore.Made create(Instant now, SessionToken token, SessionStore.Draft draft) {
        List<Session> oldest = new ArrayList<>(list(now, draft.tenant(), draft.user()));
        oldest.sort(Comparator.comparing(Session::createdAt)
                .thenComparing(session -> session.id().own()));
        List<SessionId> ended = new ArrayList<>();
        while (oldest.size() >= maxPerUser) {
            Session first = oldest.removeFirst();
            sessions.remove(first);
            ended.add(first.id());
        }
        Session made = new Session(
                token.id(),
                draft.tenant(),
                draft.user(),
                JSON.readTree(draft.attributes()),
                now,
                now,
                draft.rest(),
                now.plus(draft.life()));
        sessions.add(made);
        hashes.put(token.id(), token.hash());
        return new SessionStore.Made(made, ended);
    }

    Optional<Session> find(Instant now, String tenant, SessionId id) {
        return sessions.stream()
                .filter(session -> session.id().equals(id))
                .filter(session -> session.tenant().equals(tenant) && isOpen(session, now))
                .findFirst();
    }

    Optional<Session> touch(Instant now, String tenant, SessionId id) {
        return find(now, tenant, id).map(session -> seen(session, now));
    }

    Optional<Session> use(Instant now, String tenant, SessionToken token, Duration pause) {
        return find(now, tenant, token.id())
                .filter(session -> token.hash().equals(hashes.get(session.id())))
                .map(session -> isRecent(session, now, pause) ? session : seen(session, now));
    }

    Optional<Session> revoke(Instant now, String tenant, SessionId id) {
        Optional<Session> found = find(now, tenant, id);
        found.ifPresent(sessions::remove);
        return found;
    }

    List<Session> list(Instant now, String tenant, String user) {
        return sessions.stream()
                .filter(session ->
                        session.tenant().equals(tenant) && session.user().equals(user) && isOpen(session, now))
                .sorted(Comparator.comparing(session -> session.id().own()))
                .toList();
    }

    private static boolean isRecent(Session session, Instant now, Duration pause) {
        Duration tenth = session.rest().dividedBy(10);
        return now.isBefore(session.lastSeenAt().plus(pause.compareTo(tenth) < 0 ? pause : tenth));
    }

    private Session seen(Session session, Instant now) {
        sessions.remove(session);
        Session seen = new Session(
                session.id(),
                session.tenant(),
                session.user(),
                session.attributes(),
                session.createdAt(),
                now,
                session.rest(),
                session.endsAt());
        sessions.add(seen);
        return seen;
    }

    private static boolean isOpen(Session session, Instant now) {
        return now.isBefore(session.lastSeenAt().plus(session.rest())) && now.isBefore(session.endsAt());
    }
}
