import {
  ASK_AGAIN_MS,
  ASK_WITHIN_MS,
  HALVE_EVERY_MS,
  LEAST_SHARE,
  LONGEST_PAUSE_MS,
  PAUSE_MS,
  REGROW_CALLS,
} from "./lane.ts";

/** Keys of one vendor's line in Redis, in one slot of a cluster. */
export function keysOf(name: string): readonly string[] {
  const key = `nexus:limit:{${name}}`;
  return [key, `${key}:waiting`, `${key}:seen`, `${key}:running`, `${key}:members`];
}

/** Whoever waits and has not asked for so long is gone. */
export const STALE_MS = 5_000;
/** A process that has not asked for so long is not counted among those that share the limit. */
const MEMBER_MS = 120_000;
/** What nobody uses goes; what was learnt of a vendor is then learnt anew. */
const FORGET_MS = 3_600_000;

// One clock for all, and no number in the short form that Lua would give it.
const NOW = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local function text(number) return string.format('%.3f', number) end
local lane, waiting, seen, running, members = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local function number(field, otherwise) return tonumber(redis.call('HGET', lane, field)) or otherwise end
`;
const KEEP = `
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ${FORGET_MS}) end
`;

/** ticket, process, spacing, concurrency, lease → 1 and when, or 0, when to ask again and what is expected; members. */
export const ASK = `${NOW}
local ticket, process = ARGV[1], ARGV[2]
local concurrency, lease = tonumber(ARGV[4]), tonumber(ARGV[5])
local share = number('share', 1)
local spacing = tonumber(ARGV[3]) / share
redis.call('ZREMRANGEBYSCORE', running, '-inf', text(now))
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', seen, '-inf', text(now - ${STALE_MS}))) do
  redis.call('ZREM', seen, gone)
  redis.call('ZREM', waiting, gone)
end
redis.call('ZADD', members, text(now), process)
redis.call('ZREMRANGEBYSCORE', members, '-inf', text(now - ${MEMBER_MS}))
local count = redis.call('ZCARD', members)
if not redis.call('ZSCORE', waiting, ticket) then
  redis.call('ZADD', waiting, redis.call('HINCRBY', lane, 'tickets', 1), ticket)
end
redis.call('ZADD', seen, text(now), ticket)
local next = number('next', nil)
-- Nobody has begun, nobody knows, or the clock went back.
if not next or next > now + spacing then
  next = now + spacing
  redis.call('HSET', lane, 'next', text(next))
end
local rank = redis.call('ZRANK', waiting, ticket)
local free = math.max(1, math.floor(concurrency * share)) - redis.call('ZCARD', running)
local due = math.max(0, next - now, math.min(number('paused', 0) - now, ${LONGEST_PAUSE_MS}))
local answer
if rank < free and due == 0 and (rank == 0 or spacing == 0) then
  redis.call('ZREM', waiting, ticket)
  redis.call('ZREM', seen, ticket)
  redis.call('ZADD', running, text(now + lease), ticket)
  redis.call('HSET', lane, 'next', text(now + spacing))
  answer = {1, text(now), '0', count}
else
  local expected = due + rank * spacing
  local place = 0
  if rank >= free then place = ${ASK_AGAIN_MS} * (1 + rank / 2) end
  answer = {0, text(math.min(${ASK_WITHIN_MS}, math.max(expected, place, 1))), text(expected), count}
end
${KEEP}
return answer`;

/** ticket → nothing. */
export const LEAVE = `${NOW}
redis.call('ZREM', waiting, ARGV[1])
redis.call('ZREM', seen, ARGV[1])
return 0`;

/** ticket, lease → nothing. */
export const HOLD = `${NOW}
redis.call('ZADD', running, text(now + tonumber(ARGV[2])), ARGV[1])
return 0`;

/** ticket, concurrency, kind of ending, wait asked for or '' → nothing. */
export const END = `${NOW}
redis.call('ZREM', running, ARGV[1])
local share = number('share', 1)
if ARGV[3] == 'done' and share < 1 then
  redis.call('HSET', lane, 'share', tostring(math.min(1, share + 1 / (${REGROW_CALLS} * tonumber(ARGV[2])))))
end
if ARGV[3] == 'limited' then
  local pause = math.min(tonumber(ARGV[4]) or ${PAUSE_MS}, ${LONGEST_PAUSE_MS})
  redis.call('HSET', lane, 'paused', text(math.max(number('paused', 0), now + pause)))
  if now - number('halved', 0) >= ${HALVE_EVERY_MS} then
    redis.call('HSET', lane, 'share', tostring(math.max(${LEAST_SHARE}, share / 2)), 'halved', text(now))
  end
end
${KEEP}
return 0`;
