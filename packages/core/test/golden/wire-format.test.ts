import { execFileSync, spawnSync } from 'node:child_process'
import { createDecipheriv } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { bytesOf } from './bytes.ts'
import { GOLDEN, GOLDEN_KEY, GOLDEN_SECRET } from './entries.ts'

/* docs/design/wire-format.md, held against golden files by readers that share no code with the codec. */

const page = readFileSync(new URL('../../../../docs/design/wire-format.md', import.meta.url), 'utf8')

describe('the document', () => {
  it('has the offsets of an envelope', () => {
    const { entry } = GOLDEN['tags-version']!
    const bytes = bytesOf('tags-version')
    const offset = (name: string): number => Number(new RegExp(String.raw`^\| (\d+) \|.*\| .?${name}`, 'm').exec(page)![1])
    expect([...bytes.subarray(0, offset('`asOf`'))]).toEqual([0xca, 0x5c, 1, 0])
    for (const name of ['asOf', 'freshUntil', 'staleFor', 'errorFor', 'storedAt'] as const) expect(bytes.readDoubleLE(offset(`\`${name}\``))).toBe(entry[name])
    expect(bytes.readDoubleLE(offset('`asOf`') + 8)).toBe(entry.asOf * 0.6180339887498949)
    expect(bytes.readDoubleLE(offset('`softAt`'))).toBe(0)
    expect(bytes.readFloatLE(offset('`loadMs`'))).toBe(entry.loadMs)
    expect(bytes.readUInt32LE(offset('CRC-32 \\|'))).toBe(crc32(bytes.subarray(offset('`freshUntil`')), crc32(bytes.subarray(2, 4))))
    expect(bytes.readUInt32LE(offset('CRC-32 of the serializer'))).toBe(crc32('structured'))
    const versionAt = offset('these digits')
    const tagsAt = versionAt + bytes[offset('digits of the version')]!
    const payloadAt = tagsAt + bytes.readUInt32LE(offset('bytes of the tags'))
    expect(bytes.toString('latin1', versionAt, tagsAt)).toBe(String(entry.version))
    expect(JSON.parse(bytes.toString('utf8', tagsAt, payloadAt))).toEqual(entry.tags)
    expect(bytes.toString('utf8', payloadAt)).toBe('"x"')
  })

  it('says what is encrypted, and what is authenticated with it', () => {
    const bytes = bytesOf('encrypted')
    const payloadAt = 85 + bytes[84]! + bytes.readUInt32LE(76)
    const nonceAt = payloadAt + 1 + bytes[payloadAt]!
    const decipher = createDecipheriv('aes-256-gcm', GOLDEN_SECRET, bytes.subarray(nonceAt, nonceAt + 12), { authTagLength: 16 })
    decipher.setAAD(Buffer.concat([Buffer.from('stratacache envelope'), bytes.subarray(2, 4), bytes.subarray(40, payloadAt), Buffer.from(GOLDEN_KEY)]))
    decipher.setAuthTag(bytes.subarray(-16))
    const text = Buffer.concat([decipher.update(bytes.subarray(nonceAt + 12, -16)), decipher.final()]).toString()
    expect(JSON.parse(text)).toEqual(GOLDEN['encrypted']!.entry.value)
  })

  const isThere = spawnSync('python3', ['--version']).status === 0
  it.skipIf(!isThere)('has a reader in Python that reads json(), plain and by gzip, and refuses the rest', () => {
    const reader = /^```python\n(.*?)^```$/ms.exec(page)![1]!
    const read = (name: string): unknown => {
      const program = `${reader}\nimport sys\nprint(json.dumps(value_of(bytes.fromhex(sys.argv[1]))))`
      return JSON.parse(execFileSync('python3', ['-c', program, bytesOf(name).toString('hex')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
    }
    for (const name of ['value-json', 'gzip-json']) expect(read(name)).toEqual(GOLDEN[name]!.entry.value)
    for (const name of ['value', 'nothing', 'encrypted']) expect(() => read(name)).toThrow('Command failed')
  })
})
