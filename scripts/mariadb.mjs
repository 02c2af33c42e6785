import { ensureProgram } from './system-program.mjs'

/** Only some tests need MariaDB, and they skip themselves without it. */
export async function tryForMariadb() {
  try {
    await ensureProgram({
      program: 'mariadbd',
      // Debian and Fedora keep it where not every PATH leads.
      besides: ['/usr/sbin', '/usr/local/sbin', '/usr/libexec'],
      product: 'MariaDB',
      packages: { 'apt-get': 'mariadb-server', apk: 'mariadb', dnf: 'mariadb-server', brew: 'mariadb' },
    })
  } catch (error) {
    console.log(`tests with MariaDB are skipped: ${error.message}`)
  }
}
