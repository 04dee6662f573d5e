import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'

/** Rooms whose tests leave nothing behind: those on one worker share what they import, which takes longer than most of them do. */
const SHARED = ['src/{figures,metrics,compare,audit,models,optim,baselines,report}/**/*.test.ts']

export default defineConfig({
  // Tests read the sources, not dist/: `assay/nn` means src/nn/index.ts.
  resolve: { conditions: ['assay-source'] },
  ssr: { resolve: { conditions: ['assay-source'] } },
  test: {
    // Two on two cores: tests of commands wait for processes most of their time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'shared', include: SHARED, isolate: false } },
      {
        extends: true,
        test: {
          name: 'apart',
          include: ['src/**/*.test.ts', 'e2e/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...SHARED],
        },
      },
    ],
  },
})
