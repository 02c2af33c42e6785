import { ensureProgram } from './system-program.mjs'

export function ensureRedisServer() {
  return ensureProgram({
    program: 'redis-server',
    product: 'Redis 7 or Valkey',
    packages: { 'apt-get': 'redis-server', apk: 'redis', dnf: 'redis', brew: 'redis' },
  })
}
