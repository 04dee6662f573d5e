/**
 * ONNX Runtime 1.30 reports use to its maker from Linux and macOS too unless this is set when its library is loaded, and
 * leaves log files in the temporary folder. A lab that works offline does neither, so this module is imported before the
 * library. In a worker thread `process.env` is a copy that native code does not see: load `assay` in the main thread first.
 */
process.env.ORT_DISABLE_TELEMETRY ??= '1'
