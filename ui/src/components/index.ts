/** Everything that pages are built of: `import { Button, Card } from '@/components'`. */

export { Banner } from './Banner';
export { Button, type ButtonProps, IconButton } from './Button';
export { Card } from './Card';
export { CategoryDialog } from './CategoryDialog';
export { Chart, type ChartProps, type Series } from './Chart';
export { Chip, FilterChip } from './Chip';
export { type Column, DataTable, type DataTableProps } from './DataTable';
export { ConfirmDialog, Dialog } from './Dialog';
export { EmptyState } from './EmptyState';
export { EntityIcon, EntityName, EntityToggle, StateText, TOGGLES } from './entity';
export { Checkbox, ComboBox, NumberField, type Option, SearchField, Select, Slider, Switch, TextField } from './fields';
export { Icon, NamedIcon } from './Icon';
export { Menu, type MenuEntry } from './Menu';
export { closeMoreInfo, Controls, type DomainControls, EntityAttributes, type MoreInfoPart, openMoreInfo } from './MoreInfo';
export { PageHeader } from './PageHeader';
export { AreaPicker, DevicePicker, EntitiesPicker, type EntityFilter, EntityPicker, FloorPicker, LabelPicker, MultiPicker, useAreaOptions, useDeviceOptions, useEntityOptions, useFloorOptions, useLabelOptions } from './pickers';
export { RelativeTime } from './RelativeTime';
export { SelectorField, TargetField } from './SelectorField';
export { Skeleton, SkeletonPage } from './Skeleton';
export { Spinner } from './Spinner';
export { type TabEntry, Tabs } from './Tabs';
export { CodeEditor, YamlEditor, type YamlMistake } from './YamlEditor';
