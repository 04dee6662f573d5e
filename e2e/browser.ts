import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = PATHS.find(existsSync)
export const hasBrowser = executablePath !== undefined
export const NO_BROWSER = `there is none of ${PATHS.join(', ')}: apt-get install chromium`

/** Debian's Chromium. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ ...(executablePath !== undefined && { executablePath }) })

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe has against a page, light and dark, and what the page asked for outside of itself. */
export async function violations(browser: Browser, path: string): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    // What the page's own policy forbids, axe needs: its script comes in from outside.
    const context = await browser.newContext({ bypassCSP: true, colorScheme, reducedMotion: 'reduce' })
    const page = await context.newPage()
    const own = pathToFileURL(path).href
    page.on('request', (request) => {
      const url = request.url()
      if (url !== own && !url.startsWith('data:')) found.push(`${colorScheme}: asks for ${url}`)
    })
    page.on('pageerror', (error) => found.push(`${colorScheme}: ${error.message}`))
    await page.goto(own)
    await page.addScriptTag({ path: AXE })
    const results = await page.evaluate(
      `axe.run({ runOnly: ${JSON.stringify(TAGS)}, resultTypes: ['violations'] })
        .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + ' ' + failureSummary).join(' | ')))`,
    )
    if (!Array.isArray(results)) throw new Error('axe told nothing')
    found.push(...results.map((result) => `${colorScheme}: ${result}`))
    await context.close()
  }
  return found
}
