const [WIDTH, HEIGHT, LEFT, BOTTOM] = [640, 220, 36, 20]

/** Loss of each step as a line, mean of each epoch as a dot, on one scale from 0. */
export function drawChart(
  chart: SVGSVGElement,
  losses: readonly number[],
  means: readonly { readonly step: number; readonly loss: number }[],
  steps: number,
): void {
  const top = Math.max(1, ...losses)
  const x = (step: number): number => LEFT + (step / steps) * (WIDTH - LEFT - 4)
  const y = (loss: number): number => (1 - loss / top) * (HEIGHT - BOTTOM)
  const line = losses.map((loss, i) => `${i === 0 ? 'M' : 'L'}${x(i + 1).toFixed(1)} ${y(loss).toFixed(1)}`).join('')
  const baseline = y(0)
  chart.replaceChildren(
    shape('line', { x1: LEFT, x2: WIDTH, y1: baseline, y2: baseline }),
    shape('text', { x: 0, y: 11 }, top.toFixed(1)),
    shape('text', { x: 0, y: baseline }, '0'),
    shape('text', { x: LEFT, y: HEIGHT - 4 }, 'loss of each step; dots: mean of each epoch'),
    shape('path', { d: line }),
    ...means.map(({ step, loss }) => shape('circle', { cx: x(step), cy: y(loss), r: 4 })),
  )
}

function shape(name: string, attributes: Readonly<Record<string, string | number>>, text = ''): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  element.textContent = text
  return element
}
