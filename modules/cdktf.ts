// The one way in for cdktf's own classes: its successor keeps the API, so a move there is this file and providers.ts.
export { App, LocalBackend, S3Backend, TerraformOutput, TerraformResource, TerraformStack } from 'cdktf';
export { Construct } from 'constructs';
