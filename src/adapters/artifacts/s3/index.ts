/** artifacts/s3: artifacts in a bucket of Amazon S3 or of a server that speaks its protocol, behind the port of `effects`. */
export { type S3Artifacts, s3Artifacts, type S3ArtifactsOptions } from './s3-artifacts.ts';
