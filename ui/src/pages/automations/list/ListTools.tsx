/** Above a list: search, filters, groups, and whether several are selected. */

import { useState } from 'react';
import { mdiFolderEditOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { CategoryDialog, IconButton, SearchField, Select } from '@/components';
import { SelectButton } from '@/components/selection';
import type { Category, CategoryScope } from '@/data/categories';
import { useAreas, useLabels, useUser } from '@/data/hooks';
import styles from './list.module.css';
import type { Grouping, View } from './useView';

interface Props {
  scope: CategoryScope;
  view: View;
  categories: readonly Category[];
  searchLabel: string;
  /** Whether several can be selected. */
  selects?: boolean;
}

export function ListTools({ scope, view, categories, searchLabel, selects = false }: Props) {
  const { t } = useTranslation('automations');
  const areas = useAreas();
  const labels = useLabels();
  const { is_admin: admin } = useUser();
  const [managing, setManaging] = useState(false);
  const any = { value: '', label: t('list.any') };
  const groups = [
    { value: '', label: t('many.noGroup') },
    ...(categories.length > 0 ? [{ value: 'category', label: t('list.category') }] : []),
    ...(areas.size > 0 ? [{ value: 'area', label: t('list.area') }] : []),
  ];
  return (
    <div className={styles.tools}>
      <SearchField label={searchLabel} value={view.search} onChange={view.setSearch} />
      {areas.size > 0 && <Select label={t('list.area')} options={[any, ...[...areas.values()].map((area) => ({ value: area.area_id, label: area.name }))]} value={view.filter.area} onChange={(value) => view.setFilter('area', value)} />}
      {labels.size > 0 && <Select label={t('list.label')} options={[any, ...[...labels.values()].map((label) => ({ value: label.label_id, label: label.name }))]} value={view.filter.label} onChange={(value) => view.setFilter('label', value)} />}
      {categories.length > 0 && <Select label={t('list.category')} options={[any, ...categories.map((each) => ({ value: each.category_id, label: each.name }))]} value={view.filter.category} onChange={(value) => view.setFilter('category', value)} />}
      {groups.length > 1 && <Select label={t('many.group')} options={groups} value={groups.some((each) => each.value === view.group) ? view.group : ''} onChange={(value) => view.setGroup(value as Grouping)} />}
      {admin && (
        <span className={styles.buttons}>
          <IconButton label={t('many.manageCategories')} icon={mdiFolderEditOutline} onPress={() => setManaging(true)} />
          {selects && <SelectButton selection={view.selection} />}
        </span>
      )}
      {managing && <CategoryDialog scope={scope} entityIds={[]} current={undefined} onClose={() => setManaging(false)} />}
    </div>
  );
}
