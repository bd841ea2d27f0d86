import { Fault } from '../api/Fault';

// The errors of IAM. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html (Errors of each action)

export function noSuchEntity(message: string): Fault {
  return new Fault('NoSuchEntity', 404, message);
}

export function entityAlreadyExists(message: string): Fault {
  return new Fault('EntityAlreadyExists', 409, message);
}

export function limitExceeded(message: string): Fault {
  return new Fault('LimitExceeded', 409, message);
}

export function deleteConflict(message: string): Fault {
  return new Fault('DeleteConflict', 409, message);
}

export function invalidInput(message: string): Fault {
  return new Fault('InvalidInput', 400, message);
}

export function malformedPolicy(message: string): Fault {
  return new Fault('MalformedPolicyDocument', 400, message);
}
