/** Rows of a list that are selected, and what is done with them: `import { SelectButton, SelectionBar } from '@/components/selection'`. */

export { CategoryAction, DeleteAction, TurnActions } from './actions';
export { RegistryActions } from './RegistryActions';
export { SelectButton } from './SelectButton';
export { SelectionBar } from './SelectionBar';
export { type Selection, useSelection } from './useSelection';
export { useWork, type Work } from './useWork';
