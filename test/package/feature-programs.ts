// Decides how each optional feature is used once, without any server: where its package is there, it fails (if at all) at what
// only that package could have found out.
export const featurePrograms = `
  import { OpenTelemetryMetrics, openStore, PrometheusMetrics } from 'runlog';
  import { s3Artifacts } from 'runlog/artifacts/s3';
  import { anthropicModel } from 'runlog/models/anthropic';

  const question = { model: 'claude-x', system: '', messages: [{ role: 'user', content: 'Hi' }], maxTokens: 1, temperature: 0, topP: 1, outputForm: null, tools: [] };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const uses = {
    postgres: [() => openStore('postgres://nobody@127.0.0.1:1/none', { mode: 'read' }), 'store-unavailable-error'],
    anthropic: [() => anthropicModel({ apiKey: 'k', baseUrl: 'http://127.0.0.1:1' }).countTokens(question), 'llm-behavior-error'],
    s3: [() => s3Artifacts({ bucket: 'b', endpoint: 'http://127.0.0.1:1', region: 'us-east-1', credentials, timeoutMs: 500 }).head('a'), 'artifact-storage-error'],
    prometheus: [() => new PrometheusMetrics().counter('runlog_tools_calls_total', { tool: 't' }), undefined],
    opentelemetry: [() => new OpenTelemetryMetrics().counter('runlog_tools_calls_total', { tool: 't' }), undefined],
  };
  const told = {};
  for (const [name, [use, expected]] of Object.entries(uses)) {
    const error = await Promise.resolve().then(use).then(() => undefined, (thrown) => thrown);
    const { feature, package: needed } = error?.context ?? {};
    told[name] = error?.code === expected ? 'works' : { code: error?.code, feature, package: needed, howToFix: error?.howToFix };
  }
  console.log(JSON.stringify(told));
  process.exit(0);
`;
