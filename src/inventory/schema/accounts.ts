import { z } from 'zod';
import { accountId, roleArn } from '../formats/awsFormats';
import { text } from './text';

/** `accounts.<key>` */
export const accountSchema = z
  .strictObject({
    id: text(accountId).meta({
      description: 'The AWS account id: twelve digits, in quotes.',
      examples: ['111111111111'],
    }),
    deployRole: text(roleArn)
      .meta({
        description: 'ARN of the role that Terraform assumes in this account. Default: the ambient credentials.',
        examples: ['arn:aws:iam::111111111111:role/podlift-deploy'],
      })
      .exactOptional(),
    readRole: text(roleArn)
      .meta({
        description: 'ARN of the role that podlift assumes in this account to read from AWS. Default: `deployRole`.',
        examples: ['arn:aws:iam::111111111111:role/podlift-read'],
      })
      .exactOptional(),
  })
  .meta({ description: 'An AWS account.' });
