"""Pictures as they travel in the email: cropped, scaled, converted, and light.

`cropping` says which part is shown, and how large; `opening` and `colours` make any picture upright, opaque and sRGB;
`encoding` writes it as JPEG or PNG within its bytes; `album` has the pictures of one edition. Pillow loads with the
first picture.
"""
