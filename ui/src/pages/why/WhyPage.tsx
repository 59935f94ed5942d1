import { mdiHelpCircleOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams, useSearchParams } from 'wouter';
import { Card, EmptyState, EntityPicker, PageHeader } from '@/components';
import { Why } from '@/components/Why';
import { nameOf, useEntity } from '@/data';

/** Why an entity is as it is, or what happened under a context (`?context=`), on a page of its own that can be shared. */
export default function WhyPage() {
  const { t } = useTranslation('why');
  const { entity } = useParams<{ entity?: string }>();
  const [params] = useSearchParams();
  const [, go] = useLocation();
  const found = useEntity(entity);
  const context = params.get('context');
  return (
    <>
      <PageHeader title={entity ? t('titleOf', { name: nameOf(found, entity) }) : t('title')} text={t('text')}>
        <EntityPicker label={t('pick')} value={entity ?? null} onChange={(next) => next && go(`/why/${encodeURIComponent(next)}`)} />
      </PageHeader>
      {!entity && !context && <EmptyState icon={mdiHelpCircleOutline} title={t('empty')} text={t('emptyText')} />}
      {(entity || context) && (
        <Card>
          <Why {...(entity ? { entityId: entity } : {})} {...(context ? { contextId: context } : {})} />
        </Card>
      )}
    </>
  );
}
