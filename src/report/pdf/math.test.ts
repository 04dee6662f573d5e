import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import type { ReportDocument } from '../document.ts'
import { typstMath } from './math.ts'
import { toPdf } from './toPdf.ts'

/** What write-ups of deep learning have. */
const FORMULAS = String.raw`
\mathcal{L}(\theta) = -\frac{1}{N} \sum_{i=1}^{N} \log \frac{e^{z_{i,y_i}}}{\sum_k e^{z_{i,k}}}
\theta_{t+1} = \theta_t - \eta \, \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}
\operatorname{softmax}(z)_i, \operatorname*{arg\,max}_k p_k, \mathop{\mathrm{arg\,min}}_x f, \argmax_x g
f(x) = \begin{cases} x & x > 0 \\ 0 & \text{otherwise, a "zero"} \end{cases}
\begin{pmatrix} a & b \\ c & d \end{pmatrix} \begin{bmatrix} 1 \\ 2 \end{bmatrix} \begin{array}{cc} a & b \end{array}
\begin{aligned} m_t &= \beta_1 m_{t-1} \\ v_t &= \beta_2 v_{t-1} + g_t^2 \end{aligned}
\begin{split} a &= b \\ &= c \end{split} \begin{gathered} a \\ b \end{gathered}
\left\lVert w \right\rVert_2^2 + \lVert x \rVert + \left\lvert y \right\rvert + \lvert z \rvert + \|w\|_1
\mathbb{E}_{x \sim p}[f(x)], W \in \mathbb{R}^{m \times n}, \mathbb{1}[y = \hat{y}], \mathcal{N}(0, \sigma^2)
\bm{w}^\top \mathbf{x} + \boldsymbol{b}, \tilde{x}, \bar{x}, \vec{v}, \widehat{xy}, \overline{x}
\nabla_\theta J, \frac{\partial L}{\partial w_{ij}}, \lim_{\epsilon \to 0} \int_0^1 f(x)\,dx
D_{\mathrm{KL}}(p \,\|\, q), \Big( x \Big), \bigl[ y \bigr], \lfloor x \rfloor, \lceil y \rceil
\underbrace{a + b}_{\text{sum}} \overset{\text{def}}{=} c \stackrel{!}{=} d \xrightarrow{n} e
\prod_{i=1}^n p_i, \binom{n}{k}, \tfrac{1}{2}, \left. \frac{df}{dx} \right|_{x=0}, f\colon X \to Y, a \coloneqq b
95\%, 10^{-3}, 3{,}000, x \odot y \otimes z, \leq \geq \neq \approx \propto \ll \pm \cdot, \textbf{bold} \textit{it}
`
  .trim()
  .split('\n')
const documentOf = (tex: string): ReportDocument => ({ title: 'F', lead: [{ kind: 'equation', tex }], sections: [] })
const date = new Date('2026-11-21T10:00:00Z')

describe('formulas on paper', () => {
  it.each(FORMULAS)('set %s', async (tex) => {
    expect((await toPdf(documentOf(tex), { date })).pages).toBe(1)
  })

  it('keep names of operators and words as they are', () => {
    expect(typstMath('\\operatorname*{arg\\,max}_k p')).toContain('"arg max"')
    expect(typstMath('\\text{a "b"}')).toBe('"a ”b”"')
  })

  it('are named where they are no LaTeX, and where Typst cannot set them', async () => {
    expect(() => typstMath('\\frac{a}')).toThrow(UsageError)
    expect(() => typstMath('\\nosuch{x}')).toThrow('the formula "\\nosuch{x}" is no LaTeX that can be shown')
    for (const tex of ['\\phantom{x} + y', '\\begin{array}{l} a \\\\ \\hline b \\end{array}']) {
      const refused = toPdf(documentOf(tex), { date })
      await expect(refused).rejects.toThrow(UsageError)
      await expect(refused).rejects.toThrow(`the formula "${tex}" cannot be set in a PDF`)
    }
  })
})
