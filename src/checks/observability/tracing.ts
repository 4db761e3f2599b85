import {readTelemetry} from '../../repo/application/telemetry.ts'
import {readImageBuilds} from '../../repo/docker/builds.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {readPythonDependencies, type PythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deployedImages, startOf} from '../deployed-images.ts'
import {runtimePackage} from '../python-packages.ts'
import {observeRunning} from '../running-environments.ts'
import {concludeTargets, dynamic, held, type Target} from '../targets.ts'
import {exported, instrumented, tracingInCode} from '../telemetry-set-up.ts'

/** `opentelemetry-instrument` starts the application: it instruments it, and sends by OTLP unless it is told otherwise. */
const byCommand = ({start, exporters}: {start: {file: string; line: number}[]; exporters: PythonDependencies}): Target[] =>
  start.flatMap((place) => [
    held(place, instrumented, 'opentelemetry-instrument'),
    runtimePackage(exporters, /^opentelemetry-exporter-|^opentelemetry-distro$/, exported),
  ])

export default defineRepositoryItem({
  observe: async (read) => ({
    telemetry: await read(readTelemetry),
    dependencies: await read(readPythonDependencies),
    docker: await read(readDockerfiles),
    builds: await read(readImageBuilds),
    running: await observeRunning(read),
  }),

  evaluate: ({telemetry, dependencies, docker, builds, running}) => {
    const unread = unreadTargets('code that can be read', telemetry)
    if (telemetry.applications.length === 0 && unread.length === 0) return dynamic('no application of FastAPI was found')
    const start = deployedImages({docker, builds}).flatMap(({dockerfile, stage}) => {
      const found = startOf(dockerfile, stage)
      return found?.words.some((word) => /(?:^|\/)opentelemetry-instrument$/.test(word)) === true
        ? [{file: dockerfile.file, line: found.instruction.line}]
        : []
    })
    const wanted = /^(?:opentelemetry-instrumentation-(?:fastapi|asgi|starlette)|opentelemetry-distro|logfire|azure-monitor-opentelemetry)$/
    const installed = runtimePackage(dependencies, wanted, 'opentelemetry-instrumentation-fastapi as a runtime dependency')
    return concludeTargets(
      [installed, ...(start.length > 0 ? byCommand({start, exporters: dependencies}) : tracingInCode(telemetry, running)), ...unread],
      {
        pass: 'REQUESTS_TRACED',
        fail: 'REQUESTS_NOT_TRACED',
        partly: 'TRACING_INCOMPLETE',
      },
    )
  },
})
