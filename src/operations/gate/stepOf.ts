export { stepOf, type StepRequest, type WaveStep } from './Step';
