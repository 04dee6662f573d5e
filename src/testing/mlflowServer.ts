import { createServer, type IncomingMessage } from 'node:http'
import * as z from 'zod'

const text = z.string().min(1)
const tags = z.array(z.strictObject({ key: text, value: z.string().max(5000) })).max(100)

/** Bodies as MLflow's REST interface takes them, with its limits. */
const bodies = {
  'experiments/create': z.strictObject({ name: text }),
  'runs/create': z.strictObject({ experiment_id: text, run_name: text, start_time: z.int(), tags }),
  'runs/update': z.strictObject({
    run_id: text,
    status: z.enum(['RUNNING', 'FINISHED', 'FAILED', 'KILLED']),
    end_time: z.int().optional(),
  }),
  'runs/log-batch': z.strictObject({
    run_id: text,
    metrics: z
      .array(
        z.strictObject({
          key: z.string().regex(/^[\w\-. /]{1,250}$/),
          value: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]),
          timestamp: z.int().min(1e12),
          step: z.int().nonnegative(),
        }),
      )
      .max(1000)
      .default([]),
    params: z
      .array(z.strictObject({ key: z.string().regex(/^[\w\-. /]{1,250}$/), value: z.string().max(500) }))
      .max(100)
      .default([]),
  }),
}

type Metric = z.infer<(typeof bodies)['runs/log-batch']>['metrics'][number]

export interface MlflowServerRun {
  readonly experiment: string
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  status: string
  /** Milliseconds since 1970; undefined while it runs. */
  endTime?: number | undefined
  readonly params: Map<string, string>
  readonly metrics: Metric[]
}

/** A server on this machine that takes what MLflow's tracking server takes, and refuses what that refuses. */
export interface MlflowServer {
  readonly uri: string
  readonly experiments: Map<string, string>
  readonly runs: Map<string, MlflowServerRun>
  /** Endpoints asked, in order. */
  readonly calls: string[]
  readonly authorizations: (string | undefined)[]
  /** What the next requests are answered with in place of a reply: a status each. */
  readonly troubles: number[]
  close(): Promise<void>
}

class Refusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export async function mlflowServer(): Promise<MlflowServer> {
  const experiments = new Map([['Default', '0']])
  const runs = new Map<string, MlflowServerRun>()
  const calls: string[] = []
  const authorizations: (string | undefined)[] = []
  const troubles: number[] = []

  const known = (id: string | null): MlflowServerRun => {
    const run = id === null ? undefined : runs.get(id)
    if (run === undefined) throw new Refusal('RESOURCE_DOES_NOT_EXIST', `Run with id=${id} not found`)
    return run
  }
  const endpoints: Readonly<Record<string, (body: unknown, query: URLSearchParams) => unknown>> = {
    'GET experiments/get-by-name': (_, query) => {
      const name = query.get('experiment_name') ?? ''
      const id = experiments.get(name)
      if (id === undefined)
        throw new Refusal('RESOURCE_DOES_NOT_EXIST', `Could not find experiment with name '${name}'`)
      return { experiment: { experiment_id: id, name, lifecycle_stage: 'active' } }
    },
    'POST experiments/create': (body) => {
      const { name } = bodies['experiments/create'].parse(body)
      experiments.set(name, String(experiments.size))
      return { experiment_id: experiments.get(name) }
    },
    'POST runs/create': (body) => {
      const { experiment_id, run_name, tags } = bodies['runs/create'].parse(body)
      const [experiment] = [...experiments].find(([, id]) => id === experiment_id) ?? []
      if (experiment === undefined) throw new Refusal('RESOURCE_DOES_NOT_EXIST', 'no such experiment')
      const id = `run${runs.size + 1}`
      const entries = Object.fromEntries(tags.map(({ key, value }) => [key, value]))
      runs.set(id, { experiment, name: run_name, tags: entries, status: 'RUNNING', params: new Map(), metrics: [] })
      return { run: { info: { run_id: id, run_name }, data: {} } }
    },
    'GET runs/get': (_, query) => {
      const latest = new Map<string, Metric>()
      for (const metric of known(query.get('run_id')).metrics)
        if (metric.step >= (latest.get(metric.key)?.step ?? 0)) latest.set(metric.key, metric)
      // int64 is text in protobuf's JSON, and some versions leave a step of 0 out.
      const metrics = [...latest.values()].map((metric) => ({ ...metric, step: String(metric.step) }))
      return { run: { info: { run_id: query.get('run_id') }, data: metrics.length > 0 ? { metrics } : {} } }
    },
    'POST runs/log-batch': (body) => {
      const { run_id, metrics, params } = bodies['runs/log-batch'].parse(body)
      const run = known(run_id)
      for (const { key, value } of params) {
        if ((run.params.get(key) ?? value) !== value) throw new Refusal('INVALID_PARAMETER_VALUE', `${key} was other`)
        run.params.set(key, value)
      }
      run.metrics.push(...metrics)
      return {}
    },
    'POST runs/update': (body) => {
      const { run_id, status, end_time } = bodies['runs/update'].parse(body)
      const run = known(run_id)
      run.status = status
      run.endTime = end_time
      return { run_info: { run_id, status } }
    },
  }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost')
    const endpoint = url.pathname.replace('/api/2.0/mlflow/', '')
    calls.push(endpoint)
    authorizations.push(request.headers.authorization)
    const answer = (status: number, json: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
    }
    const sent = await bodyOf(request)
    const trouble = troubles.shift()
    if (trouble !== undefined) return answer(trouble, { error_code: 'INTERNAL_ERROR', message: 'trouble' })
    try {
      const handle = endpoints[`${request.method} ${endpoint}`]
      if (handle === undefined) return answer(404, { error_code: 'ENDPOINT_NOT_FOUND', message: endpoint })
      answer(200, handle(sent === '' ? undefined : JSON.parse(sent), url.searchParams))
    } catch (error) {
      if (error instanceof Refusal)
        return answer(error.code === 'RESOURCE_DOES_NOT_EXIST' ? 404 : 400, {
          error_code: error.code,
          message: error.message,
        })
      answer(400, { error_code: 'INVALID_PARAMETER_VALUE', message: String(error) })
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    ...{ uri: `http://127.0.0.1:${port}`, experiments, runs, calls, authorizations, troubles },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
