import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { z } from 'zod'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = PATHS.find(existsSync)
export const hasBrowser = executablePath !== undefined
export const NO_BROWSER = `no page is looked at: there is none of ${PATHS.join(', ')} (apt-get install chromium)`

/** Debian's Chromium. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ ...(executablePath !== undefined && { executablePath }) })

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe has against a page in a file, in light and, as to contrast, in the dark; and what the page asks for outside of itself. */
export async function violations(browser: Browser, path: string): Promise<readonly string[]> {
  const found: string[] = []
  // What the page's own policy forbids, axe needs: its script comes in from outside.
  const page = await browser.newPage({ bypassCSP: true, reducedMotion: 'reduce', colorScheme: 'light' })
  const own = pathToFileURL(path).href
  page.on('request', (request) => {
    if (request.url() !== own && !request.url().startsWith('data:')) found.push(`asks for ${request.url()}`)
  })
  page.on('pageerror', (error) => found.push(error.message))
  await page.goto(own)
  await page.addScriptTag({ path: AXE })
  const judged = async (runOnly: readonly string[]): Promise<void> => {
    const result = await page.evaluate(`axe.run({ runOnly: ${JSON.stringify(runOnly)}, resultTypes: ['violations'] })`)
    for (const { id, nodes } of outcome.parse(result).violations)
      found.push(...nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`))
  }
  await judged(TAGS)
  await page.emulateMedia({ colorScheme: 'dark' })
  await judged(['color-contrast'])
  await page.close()
  return found
}

const outcome = z.object({
  violations: z.array(
    z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string(), failureSummary: z.string() })) }),
  ),
})
