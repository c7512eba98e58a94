"""Files to Image: raster pictures, DICOM, NIfTI, and the windows they are shown with."""
