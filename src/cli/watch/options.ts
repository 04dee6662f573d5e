import { Option } from '@commander-js/extra-typings'
import { WATCHES } from './watcher.ts'

export const watchOption = new Option(
  '--watch <how>',
  'how to follow it on standard error; default: bar on a terminal, plain elsewhere, none with --json',
).choices(WATCHES)

export const tensorBoardOption = new Option(
  '--tensorboard <folder>',
  'write event files for TensorBoard: <folder>/<run>/<split>',
)

export const mlflowOption = new Option(
  '--mlflow <uri>',
  'log to an MLflow server; credentials as MLflow has them, from MLFLOW_TRACKING_TOKEN or …_USERNAME and …_PASSWORD',
)

export const mlflowExperimentOption = new Option(
  '--mlflow-experiment <name>',
  'experiment of the MLflow server, made where it is not there; default: the experiment’s name',
)

export const WATCH_HELP = `
--watch json writes one object a line, its event being load, plan, start, step (at most two a second), evaluation, epoch,
note, end, assert, seeds, grid or error; numbers that are none are texts ("NaN"):
  {"event":"start","run":"first-s0-…","folder":"/…","name":"first","seed":0,"epochs":2,"stepsPerEpoch":782,"step":0,…}
  {"event":"step","run":"first-s0-…","epoch":0.51,"step":400,"loss":0.31,"meanLoss":0.47,"samplesPerSecond":41200,"secondsLeft":1.9}
  {"event":"epoch","run":"first-s0-…","epoch":1,"step":782,"train":{"loss":0.36},"validation":{"loss":0.2},"best":true,"seconds":1.3,"learningRate":0.001}
  {"event":"end","run":"first-s0-…","folder":"/…","status":"finished","steps":1564,"seconds":4.2,"test":{"loss":0.15},"report":"/…"}
`
