export { SelectControl as default } from './_controls/SelectControl';
