/** Decides which features need a package that is not installed with this one, and what is said where it is missing. */
import { MissingOptionalDependency } from './error-categories.ts';
import type { StructuredError } from './errors.ts';
import type { JsonObject } from './json.ts';

/** A feature that needs a package of its own. */
export interface OptionalFeature {
  /** What one gets, as a noun. */
  readonly feature: string;
  readonly package: string;
  /** What `npm install` is given. */
  readonly install: string;
  /** What a program imports to use it. */
  readonly module: string;
  /** What of that module needs the package. */
  readonly operation: string;
}

/** The one table of optional packages: errors, their page and the page of install lines are made of it. */
export const optionalFeatures = {
  postgres: {
    feature: 'PostgreSQL stores',
    package: 'pg',
    install: 'pg@8',
    module: 'runlog/stores/postgres',
    operation: 'openPostgresStore',
  },
  anthropic: {
    feature: "Anthropic's models",
    package: '@anthropic-ai/sdk',
    install: '@anthropic-ai/sdk@1',
    module: 'runlog/models/anthropic',
    operation: 'anthropicModel',
  },
  s3: {
    feature: 'artifacts in S3',
    package: '@aws-sdk/client-s3',
    install: '@aws-sdk/client-s3@3',
    module: 'runlog/artifacts/s3',
    operation: 's3Artifacts',
  },
  prometheus: {
    feature: 'metrics for Prometheus',
    package: 'prom-client',
    install: 'prom-client@15',
    module: 'runlog',
    operation: 'PrometheusMetrics',
  },
  opentelemetry: {
    feature: 'metrics and spans for OpenTelemetry',
    package: '@opentelemetry/api',
    install: '@opentelemetry/api@1',
    module: 'runlog',
    operation: 'OpenTelemetryMetrics, OpenTelemetryTracing',
  },
} as const satisfies Readonly<Record<string, OptionalFeature>>;

/** The line that installs what one feature needs. */
export function installLine({ install }: OptionalFeature): string {
  return `npm install ${install}`;
}

/** The line that installs what every feature needs. */
export function installEverythingLine(): string {
  return `npm install ${Object.values(optionalFeatures)
    .map(({ install }) => install)
    .join(' ')}`;
}

/** Makes the error of a feature whose package could not be loaded; `context` is added to what the table says of it. */
export function missingPackage(
  name: keyof typeof optionalFeatures,
  cause: unknown,
  context: JsonObject = {},
): StructuredError {
  const feature = optionalFeatures[name];
  return new MissingOptionalDependency({
    summary: `package '${feature.package}' is not installed`,
    whatFailed: `This needs ${feature.feature}, and the package '${feature.package}' behind them could not be loaded.`,
    why: 'What only some programs need is installed by those who use it; everybody else is spared it.',
    howToFix: `Install it: \`${installLine(feature)}\`.`,
    context: {
      feature: feature.feature,
      package: feature.package,
      dependency: feature.package,
      module: feature.module,
      operation: feature.operation,
      ...context,
    },
    cause,
  });
}
