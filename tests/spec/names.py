"""Findings by group, for the chapters."""

SIGNS = (
    "loss_of_proprioception",
    "loss_of_vibration_sense",
    "reduced_touch",
    "reduced_pain_sensation",
    "romberg_positive",
    "sensory_ataxia",
    "hyporeflexia",
    "hyperreflexia",
    "extensor_plantars",
    "spasticity",
    "distal_weakness",
    "proximal_weakness",
    "unable_to_walk_unsupported",
    "unable_to_sit_unsupported",
)
SYMPTOMS = (
    "leg_weakness",
    "arm_or_general_weakness",
    "paraesthesia",
    "gait_disturbance",
    "cognitive_change",
    "visual_change",
)
OTHERS = ("falls", "balance_disorder", "glossitis", "fatigue", "anaemia_or_macrocytosis")


def absent(*more: str) -> dict[str, str]:
    """Every feature asked about or examined, and absent."""
    return dict.fromkeys((*SIGNS, *SYMPTOMS, *OTHERS, *more), "no")
