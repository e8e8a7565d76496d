// The one user of the S3 server of the tests.
export const accessKeyId = 'AKTEST';
export const secretAccessKey = 'SKTEST';
