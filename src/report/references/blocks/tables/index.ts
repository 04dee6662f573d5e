import { audit } from './audit.ts'
import { best } from './best.ts'
import { classes, confusion } from './classes.ts'
import { compared } from './compared.ts'
import type { ProfileSubject, RunsSubject, StudySubject, TableMaker } from './maker.ts'
import { data, hyperparameters, layers, reproducibility, runs, training } from './manifest.ts'
import { pivot } from './pivot.ts'
import { profileTables } from './profile.ts'
import { studyTable } from './study.ts'

/** Tables of runs, groups and grids. */
export const RUN_TABLES: Readonly<Record<string, TableMaker<RunsSubject>>> = {
  scores: compared('scores'),
  tests: compared('tests'),
  settings: compared('settings'),
  costs: compared('costs'),
  groups: compared('groups'),
  ...{ audit, pivot, best, classes, confusion, training, layers, hyperparameters, data, reproducibility, runs },
}

export const STUDY_TABLES: Readonly<Record<string, TableMaker<StudySubject>>> = {
  best: studyTable('best'),
  importance: studyTable('importance'),
  pairs: studyTable('pairs'),
  space: studyTable('space'),
  failures: studyTable('failures'),
}

export const PROFILE_TABLES: Readonly<Record<string, TableMaker<ProfileSubject>>> = profileTables
