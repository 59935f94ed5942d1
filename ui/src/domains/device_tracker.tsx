export { Whereabouts as default } from './_controls/Whereabouts';
