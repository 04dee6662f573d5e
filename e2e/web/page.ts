/** The page's own thread: starts the worker, and draws what it tells. */
import type { EpochReport } from 'assay/train'
import { drawChart } from './chart.ts'
import type { News, Order } from './messages.ts'

type State = 'idle' | 'loading' | 'training' | 'done' | 'error'

function find<E extends HTMLElement | SVGElement>(id: string, type: new () => E): E {
  const element = document.getElementById(id)
  if (element instanceof type) return element
  throw new Error(`page.html has no #${id} of that type`)
}

const button = find('train', HTMLButtonElement)
const progress = find('progress', HTMLProgressElement)
const chart = find('chart', SVGSVGElement)
const epochs = find('epochs', HTMLTableSectionElement)
const field = (id: string) => find(id, HTMLElement)

/** What the address asks for: `?wasm=/ort/&threads=2&gpu`. */
const asked = new URLSearchParams(location.search)
const threads = asked.get('threads')
const order: Order = {
  wasmPaths: asked.get('wasm') ?? '/ort/',
  executionProviders: asked.has('gpu') ? ['webgpu', 'wasm'] : ['wasm'],
  ...(threads !== null && { threads: Number(threads) }),
}

const losses: number[] = []
const means: { step: number; loss: number }[] = []
let frames = 0

function show(state: State, text: string): void {
  document.body.dataset.state = state
  field('state').textContent = text
  button.disabled = state === 'loading' || state === 'training'
}

/** Frames are counted because they stop when something else holds this thread. */
function draw(): void {
  const { state } = document.body.dataset
  if (state !== 'loading' && state !== 'training') return
  frames += state === 'training' ? 1 : 0
  field('frames').textContent = String(frames)
  drawChart(chart, losses, means, progress.max)
  requestAnimationFrame(draw)
}

function hear(news: News): void {
  switch (news.type) {
    case 'start':
      progress.max = news.steps
      show('training', `Training: ${news.epochs} epochs of ${news.steps / news.epochs} steps.`)
      break
    case 'step':
      losses.push(news.loss)
      progress.value = news.step
      break
    case 'epoch':
      means.push({ step: news.report.step, loss: news.report.train.loss ?? Number.NaN })
      addRow(news.report)
      break
    case 'end':
      field('loss').textContent = news.loss.toFixed(6)
      field('speed').textContent = `${news.msPerStep.toFixed(1)} ms`
      drawChart(chart, losses, means, progress.max)
      show('done', 'Done.')
      break
    case 'error':
      show('error', news.message)
  }
}

function addRow({ epoch, train }: EpochReport): void {
  const row = epochs.insertRow()
  for (const text of [epoch, train.loss?.toFixed(6), train.accuracy?.toFixed(4)])
    row.insertCell().textContent = String(text)
}

function train(): void {
  losses.length = means.length = frames = progress.value = 0
  epochs.replaceChildren()
  for (const id of ['loss', 'speed']) field(id).textContent = '–'
  show('loading', 'Loading the images and ONNX Runtime …')
  const worker = new Worker('/worker.js', { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<News>) => {
    hear(data)
    if (data.type === 'end' || data.type === 'error') worker.terminate()
  })
  worker.addEventListener('error', ({ message }) => show('error', message || 'The worker could not be loaded.'))
  worker.postMessage(order)
  requestAnimationFrame(draw)
}

field('isolated').textContent = crossOriginIsolated ? 'yes: threads' : 'no: one thread'
button.addEventListener('click', train)
