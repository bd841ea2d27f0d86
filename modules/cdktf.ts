// All classes of cdktf come through this file. Its successor keeps the API, so a change to it affects only this file and providers.ts.
export { App, TerraformBackend, TerraformOutput, TerraformRemoteState, TerraformResource, TerraformStack } from 'cdktf';
export { Construct } from 'constructs';
