import { deepStrictEqual } from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import * as config from '@stratacache/config'
import * as core from '@stratacache/core'
import * as coreConfig from '@stratacache/core/config'
import * as decorators from '@stratacache/core/decorators'
import * as shared from '@stratacache/core/shared'
import * as testing from '@stratacache/core/testing'
import * as redis from '@stratacache/redis'

/** What the examples take for granted: the packages' names, a database, a source, a change stream, a test framework. */
const user = { id: 42, name: 'Ada', team: 7 }
const nothing = (): void => {}

Object.assign(globalThis, core, coreConfig, config, decorators, shared, testing, redis, {
  expectSame: (actual: unknown, expected: unknown) => deepStrictEqual(actual, expected),
  cache: core.createCache(),
  db: { users: { find: async () => user, findMany: async (ids: readonly number[]) => ids.map(() => user), save: async () => {}, saveMany: async () => {}, update: async () => {} } },
  id: 42,
  changes: { name: 'Ada' },
  loadUser: async () => user,
  fetchRates: async () => ({ value: { eur: 1 }, maxAge: '1m' }),
  stream: Object.assign(new EventEmitter(), { close: nothing }),
  harness: {},
  describe: nothing,
  it: nothing,
  expect: nothing,
  beforeEach: nothing,
  afterEach: nothing,
})
