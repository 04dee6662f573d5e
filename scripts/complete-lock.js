/**
 * Adds to package-lock.json what `npm install` leaves out when a registry does not offer it: the optional packages of
 * other platforms. Without their entries `npm ci` refuses the lock file. Run it after every change of dependencies.
 *
 * usage: node scripts/complete-lock.js
 */
import { readFileSync, writeFileSync } from 'node:fs'

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32', 'aix']
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el']

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
let added = 0
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages))
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const key = `node_modules/${name}`
    const isThere = lock.packages[key] ?? lock.packages[`${path}/node_modules/${name}`]
    if (isThere || !/^\d/.test(version)) continue
    const parts = name.split(/[/-]/)
    const os = SYSTEMS.filter((system) => parts.includes(system))
    const cpu = PROCESSORS.filter((processor) => parts.includes(processor))
    lock.packages[key] = {
      version,
      ...(cpu.length > 0 && { cpu }),
      ...(dev && { dev }),
      optional: true,
      ...(os.length > 0 && { os }),
    }
    added += 1
  }
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
process.stdout.write(`${added} platform packages added\n`)
