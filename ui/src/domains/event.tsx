import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { useAttributeWords } from '@/data/words';
import { listOf, textOf } from './_controls/control';
import { Facts, Note } from './_controls/parts';

export default function EventControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const words = useAttributeWords();
  const latest = textOf(entity, 'event_type');
  if (!latest) return <Note>{t('event.none')}</Note>;
  return (
    <Facts
      facts={[
        [t('event.latest'), words.value(entity, 'event_type', latest)],
        [t('event.kinds'), listOf(entity, 'event_types').map((each) => words.value(entity, 'event_type', each)).join(', ')],
      ]}
    />
  );
}
