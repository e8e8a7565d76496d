/** artifacts/file: artifacts in a folder of this machine, behind the port of `effects`. */
export { fileArtifacts, type FileArtifactsOptions } from './file-artifacts.ts';
