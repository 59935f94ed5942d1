export { NumberControl as default } from './_controls/NumberControl';
