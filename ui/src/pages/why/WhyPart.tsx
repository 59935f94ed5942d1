import { useState } from 'react';
import { mdiHelpCircleOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components';
import { Why } from '@/components/Why';
import type { Entity } from '@/data';

/** In the dialog of an entity: one press, and it says why the entity is as it is. */
export default function WhyPart({ entity }: { entity: Entity }) {
  const { t } = useTranslation('why');
  const [open, setOpen] = useState(false);
  return open ? (
    <section aria-label={t('ask')}>
      <Why entityId={entity.entity_id} />
    </section>
  ) : (
    <div>
      <Button kind="ghost" icon={mdiHelpCircleOutline} onPress={() => setOpen(true)}>
        {t('ask')}
      </Button>
    </div>
  );
}
