import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import type { LoadHooks, LoadProgress } from '../dataset.ts'

export interface DownloadOptions extends LoadHooks {
  /** Where the file is to be had; each is tried in turn. */
  readonly urls: readonly string[]
  /** Path of the file; its folder is made. What has come so far lies beside it as `….part`. */
  readonly to: string
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string
  /** The SHA-256 is that of what is in the gzipped file, as mirrors pack the same content differently. Default false. */
  readonly unpacked?: boolean
  /** Milliseconds without a byte after which a connection is given up. Default 30,000. */
  readonly patience?: number
  /** How often all mirrors are tried; default 4. */
  readonly rounds?: number
  /** Milliseconds before the second round; twice as many before each one after. Default 1,000. */
  readonly pause?: number
}

/** No mirror gave the file; the message says why, for each. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError'
}

/** Trying the same mirror again is of no use. */
class RefusedError extends Error {}

/** The caller's hook has thrown: nobody wants the file any more. */
class StoppedError extends Error {}

/**
 * Fetches a file, unless it is there and its checksum right. What has come before a connection broke is kept, and the next attempt, by the same mirror or another, in
 * this process or a later one, asks for the rest. The file appears under its name when it is whole and its checksum right.
 *
 * @throws DownloadError when no mirror has given it
 *
 * @example
 * await download({ urls: ['https://example.org/data.gz'], to: 'cache/data.gz', sha256: 'ba78…15ad' })
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { urls, to, sha256, unpacked = false, rounds = 4, pause = 1000 } = options
  const part = `${to}.part`
  if (existsSync(to) && (await hashOf(to, unpacked)) === sha256) return
  await rm(to, { force: true })
  await mkdir(dirname(to), { recursive: true })
  const reasons = new Map<string, string>()
  const refused = new Set<string>()
  for (let round = 0; round < rounds && refused.size < urls.length; round++) {
    if (round > 0) await delay(pause * 2 ** (round - 1))
    for (const url of urls.filter((one) => !refused.has(one))) {
      try {
        const begun = await fetchInto(part, url, options)
        await verify(part, options, begun)
        await rename(part, to)
        return
      } catch (error) {
        if (error instanceof StoppedError) throw error.cause
        // Another process may have had the same file to fetch, and been faster.
        if (existsSync(to)) return
        reasons.set(url, reasonOf(error))
        if (error instanceof RefusedError) refused.add(url)
      }
    }
  }
  const tried = [...reasons].map(([url, reason]) => `  ${url}: ${reason}`)
  throw new DownloadError(`${basename(to)} cannot be fetched:\n${tried.join('\n')}`)
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

/**
 * Fetches what `part` lacks of a file. Bytes are written at their places in the file, so two processes that fetch it at once
 * do no harm.
 *
 * @returns how many bytes were there already
 */
async function fetchInto(
  part: string,
  url: string,
  { patience = 30_000, onProgress, to }: DownloadOptions,
): Promise<number> {
  const tell = (progress: LoadProgress): void => {
    try {
      onProgress?.(progress)
    } catch (cause) {
      throw new StoppedError('stopped', { cause })
    }
  }
  const there = await sizeOf(part)
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new Error(`nothing came for ${patience / 1000} s`)), patience)
  try {
    const response = await fetch(url, {
      signal: controller.signal,
      // Packed on the way, a range would be one of other bytes.
      headers: { 'accept-encoding': 'identity', ...(there > 0 && { range: `bytes=${there}-` }) },
    })
    // No byte after the last one: the file may be whole.
    if (response.status === 416 && there > 0) return there
    if (!response.ok || response.body === null) throw refusal(response)
    const begin = response.status === 206 ? there : 0
    const range = response.headers.get('content-range')
    if (response.status === 206 && !range?.startsWith(`bytes ${there}-`))
      throw new RefusedError(`it answered with the range ${range} and was asked for the bytes from ${there} on`)
    const length = response.headers.get('content-length')
    const total = length === null ? undefined : begin + Number(length)
    const file = await open(part, begin === 0 ? 'w' : 'r+')
    let done = begin
    try {
      for await (const bytes of response.body) {
        timer.refresh()
        for (let from = 0; from < bytes.length; )
          from += (await file.write(bytes, from, bytes.length - from, done + from)).bytesWritten
        done += bytes.length
        tell({ what: `fetching ${basename(to)}`, unit: 'bytes', done, ...(total !== undefined && { total }) })
      }
    } finally {
      await file.close()
    }
    return begin
  } finally {
    clearTimeout(timer)
    controller.abort()
  }
}

function refusal({ status, statusText }: Response): Error {
  const text = `it answered ${status} ${statusText}`.trim()
  const isPassing = status >= 500 || [408, 425, 429].includes(status)
  return isPassing ? new Error(text) : new RefusedError(text)
}

/** Removes a file with another content; one that was continued may be put together wrongly, and is worth another attempt. */
async function verify(part: string, { sha256, unpacked = false }: DownloadOptions, begun: number): Promise<void> {
  const found = await hashOf(part, unpacked)
  if (found === sha256) return
  await rm(part, { force: true })
  const text = `its SHA-256 is ${found} and should be ${sha256}`
  throw begun > 0 ? new Error(text) : new RefusedError(text)
}

async function hashOf(path: string, unpacked: boolean): Promise<string> {
  const hash = createHash('sha256')
  if (!unpacked) await pipeline(createReadStream(path), hash)
  else
    try {
      await pipeline(createReadStream(path), createGunzip(), hash)
    } catch (error) {
      return `none, as it cannot be unpacked (${reasonOf(error)})`
    }
  return hash.digest('hex')
}

/** `fetch` says only that it failed; why is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error ? reasonOf(cause) : error.message
}
