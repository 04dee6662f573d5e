import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'

/** The server's own word: it was reached, and would not. Asked again it would not either. */
export class MlflowRefusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Talks to the REST interface of an MLflow tracking server. */
export interface MlflowClient {
  /** Where it is, without what proves who asks. */
  readonly uri: string
  get<T>(endpoint: string, query: Readonly<Record<string, string>>, reply: z.ZodType<T>): Promise<T>
  post<T>(endpoint: string, body: unknown, reply: z.ZodType<T>): Promise<T>
}

/** Milliseconds before the second, third and fourth try. */
const PAUSES = [500, 1000, 2000]
const TIMEOUT_MS = 10_000

const refusal = z.object({
  error_code: z.union([z.string(), z.number()]).transform(String),
  message: z.string().default(''),
})

/**
 * A client for a tracking server. Credentials are those of MLflow's own clients: `MLFLOW_TRACKING_TOKEN`, else `MLFLOW_TRACKING_USERNAME`
 * and `MLFLOW_TRACKING_PASSWORD`, else a name and a password in the URI.
 *
 * Requests are tried four times where the server is not there or says that it has trouble; what it refuses is refused.
 *
 * @throws UsageError where the URI is not that of a server
 */
export function mlflowClient(
  trackingUri: string,
  {
    env = process.env,
    pauses = PAUSES,
  }: { readonly env?: NodeJS.ProcessEnv; readonly pauses?: readonly number[] } = {},
): MlflowClient {
  const url = serverOf(trackingUri)
  const authorization = authorizationOf(url, env)
  url.username = ''
  url.password = ''
  const uri = url.href.replace(/\/+$/, '')

  const once = async (path: string, init: RequestInit): Promise<Response> =>
    fetch(`${uri}/api/2.0/mlflow/${path}`, {
      ...init,
      headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })

  const request = async <T>(path: string, init: RequestInit, reply: z.ZodType<T>): Promise<T> => {
    for (let tried = 0; ; tried++) {
      const response = await once(path, init).catch((error: unknown) => new Error(reasonOf(error)))
      const wait = pauses[tried]
      if (response instanceof Response && response.ok) return replied(response, reply)
      const isTrouble = response instanceof Error || response.status >= 500 || response.status === 429
      if (!isTrouble) throw await refused(response)
      if (wait !== undefined) await pause(wait)
      else throw response instanceof Error ? response : new Error((await refused(response)).message)
    }
  }
  return {
    uri,
    get: (endpoint, query, reply) => request(`${endpoint}?${new URLSearchParams(query)}`, { method: 'GET' }, reply),
    post: (endpoint, body, reply) => request(endpoint, { method: 'POST', body: JSON.stringify(body) }, reply),
  }
}

function serverOf(trackingUri: string): URL {
  const url = URL.canParse(trackingUri) ? new URL(trackingUri) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new UsageError(
    `--mlflow ${trackingUri}: give the address of an MLflow server, as http://localhost:5000 (mlflow server starts one)`,
  )
}

function authorizationOf({ username, password }: URL, env: NodeJS.ProcessEnv): string | undefined {
  const basic = (name: string, secret: string): string => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: name, MLFLOW_TRACKING_PASSWORD: secret } = env
  if (token) return `Bearer ${token}`
  if (name && secret) return basic(name, secret)
  return username === '' ? undefined : basic(decodeURIComponent(username), decodeURIComponent(password))
}

async function replied<T>(response: Response, reply: z.ZodType<T>): Promise<T> {
  const json: unknown = await response.json().catch(() => undefined)
  const parsed = reply.safeParse(json)
  if (parsed.success) return parsed.data
  throw new MlflowRefusal('NOT_MLFLOW', 'it does not answer as an MLflow server does')
}

async function refused(response: Response): Promise<Error> {
  const json: unknown = await response.json().catch(() => undefined)
  const said = refusal.safeParse(json)
  const status = `${response.status} ${response.statusText}`.trim()
  return said.success
    ? new MlflowRefusal(said.data.error_code, `it answers ${status}: ${said.data.message}`)
    : new MlflowRefusal(String(response.status), `it answers ${status}`)
}

/** Why nothing came: fetch hides it in causes. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `it does not answer within ${TIMEOUT_MS / 1000} s`
  const { cause } = error
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0])
  return cause instanceof Error ? cause.message : error.message
}
