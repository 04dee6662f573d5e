import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LoadProgress } from '../dataset.ts'
import { type DownloadOptions, download } from './download.ts'

const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251))
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** What each path of the server does, and what it was asked for. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void
const answers = new Map<string, Answer>()
let asked: { path: string; range: string | undefined }[] = []

const server = createServer((request, response) => {
  const path = request.url ?? ''
  asked.push({ path, range: request.headers.range })
  const answer = answers.get(path)
  if (answer === undefined) response.writeHead(404).end('no such file')
  else answer(request, response)
})
let base = ''
let folder = ''
beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(async () => {
  answers.clear()
  asked = []
  folder = await mkdtemp(join(tmpdir(), 'assay-download-'))
  return () => rm(folder, { recursive: true })
})

/** The file, or the rest of it that is asked for. */
const whole =
  (bytes: Uint8Array): Answer =>
  ({ headers: { range } }, response) => {
    const begin = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    if (begin >= bytes.length) response.writeHead(416).end()
    else
      response
        .writeHead(range === undefined ? 200 : 206, {
          'content-length': bytes.length - begin,
          ...(range !== undefined && { 'content-range': `bytes ${begin}-${bytes.length - 1}/${bytes.length}` }),
        })
        .end(bytes.subarray(begin))
  }

/** Breaks the connection after some bytes of the answer. */
const cut =
  (bytes: number, status = 200, begin = 0): Answer =>
  (_, response) => {
    response.writeHead(status, {
      'content-length': content.length - begin,
      ...(status === 206 && { 'content-range': `bytes ${begin}-${content.length - 1}/${content.length}` }),
    })
    response.write(content.subarray(begin, begin + bytes), () => setTimeout(() => response.destroy(), 50))
  }

const inTurn = (...turns: readonly Answer[]): Answer => {
  let turn = 0
  return (request, response) => turns[Math.min(turn++, turns.length - 1)]?.(request, response)
}

const fetched = (paths: readonly string[], more: Partial<DownloadOptions> = {}): Promise<void> =>
  download({
    urls: paths.map((path) => base + path),
    to: join(folder, 'deep', 'data.bin'),
    sha256: hashOf(content),
    pause: 1,
    patience: 5000,
    ...more,
  })
const there = () => readdir(join(folder, 'deep'))
const result = () => readFile(join(folder, 'deep', 'data.bin'))

test('fetches a file and tells how far it is', async () => {
  answers.set('/a', whole(content))
  const told: LoadProgress[] = []
  await fetched(['/a'], { onProgress: (progress) => told.push(progress) })
  expect((await result()).equals(content)).toBe(true)
  expect(await there()).toEqual(['data.bin'])
  expect(told.at(-1)).toEqual({ what: 'fetching data.bin', unit: 'bytes', done: 300_000, total: 300_000 })
  expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b))
})

test('fetches nothing that is there, and replaces what is damaged', async () => {
  answers.set('/a', whole(content))
  await fetched(['/a'])
  await fetched(['/a'])
  expect(asked).toHaveLength(1)
  await writeFile(join(folder, 'deep', 'data.bin'), content.subarray(1))
  await fetched(['/a'])
  expect((await result()).equals(content)).toBe(true)
})

test('asks for the rest when a connection was cut', async () => {
  answers.set('/a', inTurn(cut(100_000), cut(50_000, 206, 100_000), whole(content)))
  await fetched(['/a'])
  expect((await result()).equals(content)).toBe(true)
  expect(asked.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', 'bytes=150000-'])
})

test('goes on where an earlier call, or process, had to stop, with another mirror too', async () => {
  answers.set('/a', cut(100_000))
  await expect(fetched(['/a'], { rounds: 1 })).rejects.toThrow('data.bin cannot be fetched')
  expect(await there()).toEqual(['data.bin.part'])
  answers.set('/b', whole(content))
  await fetched(['/b'])
  expect(asked.at(-1)?.range).toBe('bytes=100000-')
  expect((await result()).equals(content)).toBe(true)
})

test('takes a whole part for what it is, and a server without ranges from the start', async () => {
  answers.set('/a', whole(content))
  await fetched(['/a'])
  await writeFile(join(folder, 'deep', 'data.bin.part'), content)
  await rm(join(folder, 'deep', 'data.bin'))
  await fetched(['/a'])
  expect((await result()).equals(content)).toBe(true)
  await rm(join(folder, 'deep', 'data.bin'))
  await writeFile(join(folder, 'deep', 'data.bin.part'), content.subarray(0, 1000))
  answers.set('/a', (_, response) => response.writeHead(200, { 'content-length': content.length }).end(content))
  await fetched(['/a'])
  expect((await result()).equals(content)).toBe(true)
})

test('a part that belongs to another file is thrown away and fetched anew', async () => {
  answers.set('/a', whole(content))
  answers.set('/other', (_, response) => {
    response.writeHead(200, { 'content-length': 9000 }).write(Buffer.alloc(5000), () => response.destroy())
  })
  await expect(fetched(['/other'], { rounds: 1 })).rejects.toThrow()
  await fetched(['/a'])
  expect((await result()).equals(content)).toBe(true)
})

test('checks a gzipped file as it is, or what is in it, however it was packed', async () => {
  const first = gzipSync(content)
  answers.set('/a', whole(first))
  await fetched(['/a'], { sha256: hashOf(first) })
  await rm(join(folder, 'deep', 'data.bin'))
  for (const level of [1, 9]) {
    const packed = gzipSync(content, { level })
    answers.set('/a', whole(packed))
    await fetched(['/a'], { unpacked: true })
    expect(await result()).toEqual(packed)
    await rm(join(folder, 'deep', 'data.bin'))
  }
  answers.set('/a', whole(gzipSync(content).subarray(0, -100)))
  await expect(fetched(['/a'], { unpacked: true })).rejects.toThrow('cannot be unpacked')
  expect(await there()).toEqual([])
})

describe('falls back to the next mirror', () => {
  test.each<[string, Answer]>([
    ['that has no such file', (_, response) => response.writeHead(404).end()],
    ['that is out of order', (_, response) => response.writeHead(503).end()],
    ['that gives another file', whole(Buffer.from('<html>moved</html>'))],
    [
      'that falls silent',
      (_, response) => response.writeHead(200, { 'content-length': content.length }).flushHeaders(),
    ],
    ['that never answers', () => {}],
    [
      'that answers with other bytes',
      (_, response) => response.writeHead(206, { 'content-range': 'bytes 7-8/9' }).end('ab'),
    ],
  ])('from one %s', async (_, answer) => {
    answers.set('/bad', answer)
    answers.set('/good', whole(content))
    await fetched(['/bad', '/good'], { patience: 200 })
    expect((await result()).equals(content)).toBe(true)
    expect(asked.map(({ path }) => path)).toEqual(['/bad', '/good'])
  })

  test('and comes back to one that was only out of order', async () => {
    answers.set(
      '/a',
      inTurn((_, response) => response.writeHead(500).end(), whole(content)),
    )
    await fetched(['/a', '/missing'])
    expect(asked.map(({ path }) => path)).toEqual(['/a', '/missing', '/a'])
  })
})

test('says of each mirror why it gave nothing, and leaves no file', async () => {
  answers.set('/wrong', whole(Buffer.from('something else')))
  answers.set('/silent', () => {})
  const failed = fetched(['/missing', '/wrong', '/silent'], { patience: 100, rounds: 2 })
  await expect(failed).rejects.toThrow(
    [
      'data.bin cannot be fetched:',
      `  ${base}/missing: it answered 404 Not Found`,
      `  ${base}/wrong: its SHA-256 is ${hashOf(Buffer.from('something else'))} and should be ${hashOf(content)}`,
      `  ${base}/silent: nothing came for 0.1 s`,
    ].join('\n'),
  )
  expect(asked.map(({ path }) => path)).toEqual(['/missing', '/wrong', '/silent', '/silent'])
  expect(await there()).toEqual([])
})

test('names what is wrong with the network', async () => {
  const { port } = new URL(base)
  const closed = createServer().listen(0, '127.0.0.1')
  await new Promise((ready) => closed.once('listening', ready))
  const free = (closed.address() as AddressInfo).port
  await new Promise((done) => closed.close(done))
  expect(String(free)).not.toBe(port)
  const failed = fetched([], { urls: [`http://127.0.0.1:${free}/a`], rounds: 1 })
  await expect(failed).rejects.toThrow(/ECONNREFUSED/)
})

test('stops when its caller does', async () => {
  answers.set('/a', whole(content))
  const stopped = fetched(['/a', '/b'], {
    onProgress: () => {
      throw new Error('enough')
    },
  })
  await expect(stopped).rejects.toThrow(/^enough$/)
  expect(asked).toHaveLength(1)
})

test('two at once do no harm', async () => {
  answers.set('/a', inTurn(cut(90_000), cut(90_000), whole(content)))
  await Promise.all([fetched(['/a']), fetched(['/a'])])
  expect((await result()).equals(content)).toBe(true)
})
