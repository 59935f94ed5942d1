export { TextControl as default } from './_controls/TextControl';
