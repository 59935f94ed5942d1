import { mdiPlayCircleOutline } from '@mdi/js';
import { ServiceForm } from '../../editor/forms/ServiceForm';
import { isRecord, isTemplate } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiPlayCircleOutline,
  group: 'do',
  order: 0,
  make: () => ({ action: '' }),
  Form: ServiceForm,
  keys: ['action', 'target', 'data', 'response_variable', 'entity_id', 'data_template'],
  fits: (piece) => !isTemplate(piece.action) && !('data_template' in piece) && (piece.data == null || isRecord(piece.data)) && (piece.target == null || isRecord(piece.target)),
  summary: (piece, say) => {
    if (!piece.action) return '';
    const target = say.target(piece.entity_id === undefined ? piece.target : { entity_id: piece.entity_id });
    const data = isRecord(piece.data) ? Object.entries(piece.data).filter(([, value]) => value !== undefined && typeof value !== 'object') : [];
    const details = data.slice(0, 2).map(([name, value]) => `${say.field(piece.action, name)} ${say.value(value)}`).join(', ');
    return [target ? say.t('actions.service.says', { service: say.verb(piece.action), target }) : say.service(piece.action), details].filter(Boolean).join(' · ');
  },
};
