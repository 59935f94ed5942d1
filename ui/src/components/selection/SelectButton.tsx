import { mdiCheckboxMultipleMarkedOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button } from '../Button';
import type { Selection } from './useSelection';

/** Begins and ends to select rows of a list. */
export function SelectButton({ selection: { selected, setSelected } }: { selection: Selection<unknown> }) {
  const { t } = useTranslation('components');
  return (
    <Button icon={mdiCheckboxMultipleMarkedOutline} onPress={() => setSelected(selected ? null : new Set())}>
      {t(selected ? 'selection.end' : 'selection.begin')}
    </Button>
  );
}
