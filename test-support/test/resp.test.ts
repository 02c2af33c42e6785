import { expect, test } from 'vitest'
import { encodeCommand, RespReader } from '../src/resp.ts'

const everything = [
  '+OK\r\n',
  ':42\r\n',
  '$6\r\nhé\r\nb\r\n'.replace('$6', `$${Buffer.byteLength('hé\r\nb')}`),
  '$-1\r\n',
  '$0\r\n\r\n',
  '*-1\r\n',
  '*2\r\n$1\r\na\r\n*1\r\n:7\r\n',
  '%1\r\n+k\r\n#t\r\n',
  '|1\r\n+ttl\r\n:3\r\n+after attribute\r\n',
  '>2\r\n+message\r\n_\r\n',
  ',1.5\r\n',
  encodeCommand(['SET', 'clé', 'x'.repeat(100)]),
].join('')

const values = [
  'OK',
  42,
  'hé\r\nb',
  null,
  '',
  null,
  ['a', [7]],
  ['k', true],
  'after attribute',
  ['message', null],
  1.5,
  ['SET', 'clé', 'x'.repeat(100)],
]

test.each([1, 2, 3, 7, 64, 100_000])('reads messages cut into chunks of %i bytes', (size) => {
  const bytes = Buffer.from(everything)
  const reader = new RespReader()
  const messages = []
  for (let at = 0; at < bytes.length; at += size) {
    messages.push(...reader.push(bytes.subarray(at, at + size)))
  }
  expect(messages.map(({ value }) => value)).toEqual(values)
  expect(messages.map(({ type }) => type).join('')).toBe('+:$$$**%|>,*')
})

test('an error is an Error', () => {
  const [message] = new RespReader().push(Buffer.from('-ERR no\r\n'))
  expect(message?.value).toEqual(new Error('ERR no'))
})

test('an inline command is its words', () => {
  const [message] = new RespReader().push(Buffer.from('PING now\r\n'))
  expect(message?.value).toEqual(['PING', 'now'])
})
