import { useTranslation } from 'react-i18next';
import { useSession } from '@/data/hooks';
import { useStore } from '@/data/store';
import { prettify } from '@/data/words';

/** Names and a sentence for each kind of helper; those that came later have the server's name. */
export function useKindWords(): { name: (kind: string) => string; text: (kind: string) => string } {
  const { t, i18n } = useTranslation('helpers');
  const texts = useStore(useSession().texts);
  return {
    name: (kind) => (i18n.exists(`helpers:kind.${kind}.name`) ? t(`kind.${kind}.name`) : (texts[`component.${kind}.title`] ?? prettify(kind))),
    text: (kind) => (i18n.exists(`helpers:kind.${kind}.text`) ? t(`kind.${kind}.text`) : ''),
  };
}
