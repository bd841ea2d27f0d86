import { Fault } from '../api/Fault';

// The errors of EKS. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html (Errors of each action)

export function invalidParameter(message: string): Fault {
  return new Fault('InvalidParameterException', 400, message);
}

export function resourceNotFound(message: string): Fault {
  return new Fault('ResourceNotFoundException', 404, message);
}

export function resourceInUse(message: string): Fault {
  return new Fault('ResourceInUseException', 409, message);
}

export function resourceLimitExceeded(message: string): Fault {
  return new Fault('ResourceLimitExceededException', 400, message);
}
