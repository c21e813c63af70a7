"""The sample city: a believable, wholly synthetic city as its departments would deliver it, from a seed."""
