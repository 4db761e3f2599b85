import {expect, test} from 'vitest'
import {readTelemetry} from '../../src/repo/application/telemetry.ts'
import {texts} from '../repository/logging-texts.ts'
import {readingOf} from '../support/repository.ts'

test('instrumentation, exporters and providers at start-up, and the exporters of a collector', async () => {
  const facts = await readingOf({
    ...texts,
    'otel/config.yaml': 'receivers:\n  otlp: {}\nexporters:\n  googlecloud:\n    project: p\n',
  }).read(readTelemetry)
  const calledAt = {file: 'app/main.py', line: 14}
  const at = {file: 'app/telemetry.py', condition: {is: 'always'}, calledAt}
  expect(facts.instruments).toEqual([{...at, line: 17, name: 'opentelemetry.instrumentation.fastapi.FastAPIInstrumentor.instrument_app'}])
  expect(facts.exporters).toEqual([
    {...at, line: 13, name: 'opentelemetry.exporter.cloud_trace.CloudTraceSpanExporter', of: 'traces', endpointGiven: false},
    {...at, line: 15, name: 'opentelemetry.exporter.cloud_monitoring.CloudMonitoringMetricsExporter', of: 'metrics', endpointGiven: false},
  ])
  expect(facts.providers.map(({of, line}) => ({of, line}))).toEqual([
    {of: 'traces', line: 14},
    {of: 'metrics', line: 16},
  ])
  expect(facts.collectors).toEqual([{file: 'otel/config.yaml', line: 4, exporter: 'googlecloud {"project":"p"}'}])
})
