import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type User, userOf } from './users.ts'

const LOAD_MS = 50

/** A slow source that several processes share: how often it was asked for a key stands in Redis under that key. */
export function sharedSource(countsUrl: string): (key: string) => Promise<User> {
  const counts = new Redis(countsUrl)
  return async (key) => {
    await counts.incr(key)
    await delay(LOAD_MS)
    return userOf(key)
  }
}
